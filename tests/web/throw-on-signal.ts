// Loaded before a process under test: SIGUSR2 makes it throw where nothing catches it, outside of any request.
process.on("SIGUSR2", () => {
  setTimeout(() => {
    throw new Error("nobody catches this");
  });
});

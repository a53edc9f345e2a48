/** Tells the milliseconds of processor time that this process has used since: other work on the machine adds none. */
export function processorTime(): () => number {
  const began = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
}

import { createServer } from "node:http";
import { Server } from "socket.io";

// Socket.IO and nothing else: what the transport costs before Convene adds anything.
const server = createServer();
const io = new Server(server, { transports: ["websocket"] });
io.on("connection", (socket) => {
  socket.on("say", (message: unknown) => socket.emit("said", message));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" && address ? address.port : 0 });
});
process.on("disconnect", () => process.exit(0));

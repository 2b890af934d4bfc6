import { Socket } from 'node:net';

/**
 * A socket whose corked writes leave together at the end of the tick, in one call of the
 * operating system: a batch of a hundred statements is sent like one.
 */
export function gatheringSocket(): Socket {
  const socket = new Socket();
  const uncork = socket.uncork.bind(socket);
  socket.uncork = () => process.nextTick(uncork);
  return socket;
}

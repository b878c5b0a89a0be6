import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP relay on 127.0.0.1 that keeps what clients send through it. */
export interface Tap {
  port: number;
  /** Everything that clients have sent so far, connection by connection. */
  sent: () => Buffer[];
  close: () => Promise<void>;
}

export async function startTap(targetPort: number): Promise<Tap> {
  const chunks: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const own: Buffer[] = [];
    chunks.push(own);
    const target = connect(targetPort, '127.0.0.1');
    client.on('data', (chunk) => own.push(Buffer.from(chunk)));
    client.pipe(target).pipe(client);
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => chunks.map((own) => Buffer.concat(own)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

import { type Socket, connect } from 'node:net';
import { once } from 'node:events';

export interface Answer {
  status: number;
  body: string;
}

/** One connection that is kept open, for one request at a time. */
export interface Connection {
  /** Posts JSON. Rejects when the connection breaks. */
  post: (path: string, json: string, headers?: string) => Promise<Answer>;
  close: () => void;
}

/**
 * An HTTP/1.1 client of the least work, because it shares the machine with what it measures: a body with a Content-Length,
 * as the host sends it, is all that it understands.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const answers = answersOf(socket);
  return {
    post: (path, json, headers = '') => {
      const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n${headers}`;
      const answer = answers.next();
      socket.write(`${head}Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
      return answer;
    },
    close: () => socket.destroy(),
  };
}

const HEAD_END = '\r\n\r\n';

function answersOf(socket: Socket): { next: () => Promise<Answer> } {
  let received = '';
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  // One character a byte, so that lengths are what the header says.
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
    const answer = wholeAnswer(received);
    if (!answer) return;
    received = '';
    waiting?.resolve(answer);
  });
  const fail = (error: Error) => waiting?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The host closed the connection.')));
  return { next: () => new Promise((resolve, reject) => (waiting = { resolve, reject })) };
}

/** Undefined while some of it is still to come. */
function wholeAnswer(text: string): Answer | undefined {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text.slice(0, headEnd + 2))?.[1];
  const body = text.slice(headEnd + HEAD_END.length);
  if (body.length < Number(length ?? 0)) return undefined;
  return { status: Number(text.slice(9, 12)), body: Buffer.from(body, 'latin1').toString() };
}

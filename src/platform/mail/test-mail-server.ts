import { once } from 'node:events';
import net from 'node:net';

export type ReceivedMail = { from: string; to: string[]; source: string };

/**
 * A mail server of a few commands, for tests: keeps what it takes, refuses recipients with the answers given.
 * @param options.answers to successive `RCPT TO`; once spent, every recipient is taken
 */
export async function startMailServer(options: { answers?: string[]; port?: number } = {}) {
  const received: ReceivedMail[] = [];
  const answers = [...(options.answers ?? [])];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let mail: ReceivedMail = { from: '', to: [], source: '' };
    let inside = false;
    let rest = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    const take = (line: string) => {
      if (inside) {
        if (line !== '.') {
          mail.source += `${line.replace(/^\.\./, '.')}\r\n`;
          return;
        }
        inside = false;
        received.push(mail);
        mail = { from: '', to: [], source: '' };
        return say('250 2.0.0 Ok: queued as 4F1A');
      }
      const [verb = ''] = line.toUpperCase().split(/[ :]/);
      const address = /<(.*)>/.exec(line)?.[1] ?? '';
      if (verb === 'EHLO') return say('250 essai');
      if (verb === 'MAIL') {
        mail = { from: address, to: [], source: '' };
        return say('250 2.1.0 Ok');
      }
      if (verb === 'RCPT') {
        const answer = answers.shift();
        if (!answer) mail.to.push(address);
        return say(answer ?? '250 2.1.5 Ok');
      }
      if (verb === 'DATA') {
        inside = true;
        return say('354 End with .');
      }
      if (verb === 'QUIT') return void socket.end('221 2.0.0 Bye\r\n');
      return say('250 Ok');
    };
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) take(line);
    });
    say('220 essai ESMTP');
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    received,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

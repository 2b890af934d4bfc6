import { messageOf, type Secret } from '@ballast/platform';
import { WebSocket, type RawData } from 'ws';
import { parseStreamMessage, parseTradeUpdate, type StreamMessage } from './alpaca-wire.js';
import type { StreamListener } from './ports.js';

const STREAM = 'trade_updates';
/** How long authorisation and the answer to a ping may take. */
const HANDSHAKE_MS = 10_000;
const PING_MS = 15_000;

/**
 * Opens Alpaca's stream of trade updates for one account: authenticate, listen, hear. Frames may be binary or text.
 * A connection that has gone silent is noticed by pings and closed. Returns what closes it without a word.
 */
export function openStream(
  url: string,
  credentials: { readonly keyId: string; readonly secret: Secret },
  listener: StreamListener,
): () => void {
  const socket = new WebSocket(url, { handshakeTimeout: HANDSHAKE_MS });
  let over = false;
  let alive = true;
  const end = (reason: string): void => {
    if (over) return;
    over = true;
    clearInterval(pings);
    socket.terminate();
    listener.closed(reason);
  };
  const pings = setInterval(() => {
    if (!alive) return end('the venue no longer answers pings');
    alive = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, PING_MS);
  pings.unref();
  const send = (message: object): void => socket.send(JSON.stringify(message));
  socket.on('open', () => send({ action: 'auth', key: credentials.keyId, secret: credentials.secret.reveal() }));
  socket.on('pong', () => (alive = true));
  socket.on('message', (bytes) => {
    alive = true;
    if (over) return;
    try {
      hear(parseStreamMessage(JSON.parse(textOf(bytes))), send, listener, end);
    } catch (error) {
      // A message that cannot be read may have been a fill: only asking again can tell.
      end(`a message of the stream cannot be read: ${messageOf(error)}`);
    }
  });
  socket.on('close', (code, reason) => end(`the venue closed the stream (${code}) ${reason.toString()}`));
  socket.on('error', (error) => end(messageOf(error)));
  return () => {
    if (over) return;
    over = true;
    clearInterval(pings);
    socket.terminate();
  };
}

function hear(
  message: StreamMessage,
  send: (message: object) => void,
  listener: StreamListener,
  end: (reason: string) => void,
): void {
  switch (message.stream) {
    case 'authorization':
      if (message.data['status'] === 'authorized') send({ action: 'listen', data: { streams: [STREAM] } });
      else end('the venue did not accept the key and secret of the stream');
      return;
    case 'listening': {
      const streams = message.data['streams'];
      if (Array.isArray(streams) && streams.includes(STREAM)) listener.authorised();
      else end(`the venue does not give the stream "${STREAM}"`);
      return;
    }
    case STREAM:
      listener.heard(parseTradeUpdate(message.data), message.frame ?? null);
  }
}

function textOf(bytes: RawData): string {
  const buffer = Array.isArray(bytes) ? Buffer.concat(bytes) : Buffer.from(bytes as Buffer);
  return buffer.toString('utf8');
}

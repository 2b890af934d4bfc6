/** A body that has more bytes than it may. */
export class TooLarge extends Error {
  constructor(bytesMax: number) {
    super(`is larger than ${bytesMax} bytes`);
  }
}

/** A body that is no text in the encoding that it is said to have. */
export class NotText extends Error {
  constructor(charset: string) {
    super(`is no text in ${charset}`);
  }
}

/**
 * Reads a body as text in the encoding that its headers name, UTF-8 without one, and no more of it than allowed.
 * @param bytesMax of the body as it is unpacked: a small packed body can be a large one.
 * @throws TooLarge, NotText; whatever the connection throws where it breaks.
 */
export async function readBody({ body, headers }: Response, bytesMax: number): Promise<string> {
  if (body === null) return '';
  const charset = /charset="?([\w-]+)/i.exec(headers.get('content-type') ?? '')?.[1] ?? 'utf-8';
  const decode = decoderOf(charset);
  let text = '';
  let bytes = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > bytesMax) throw new TooLarge(bytesMax);
    text += decode(chunk);
  }
  return text + decode();
}

/** Turns pieces into text, and what is left at the end; a character that is none is not replaced but refused. */
function decoderOf(charset: string): (chunk?: Uint8Array) => string {
  const orRefused = <T>(work: () => T): T => {
    try {
      return work();
    } catch {
      throw new NotText(charset);
    }
  };
  const decoder = orRefused(() => new TextDecoder(charset, { fatal: true }));
  return (chunk) => orRefused(() => (chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()));
}

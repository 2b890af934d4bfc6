/** A body that has more bytes than it may. */
export class TooLarge extends Error {}

/**
 * Reads a body as text in UTF-8, and no more of it than allowed.
 * @param bytesMax of the body as it is unpacked: a small packed body can be a large one.
 * @throws TooLarge; whatever the connection throws where it breaks.
 */
export async function readBody(response: Response, bytesMax: number): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > bytesMax) throw new TooLarge(`more than ${bytesMax} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

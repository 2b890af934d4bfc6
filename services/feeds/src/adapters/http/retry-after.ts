/** From here on a number of seconds is a moment since 1970 (2001) and no span; no vendor asks to wait thirty years. */
const EPOCH_SECONDS_MIN = 1_000_000_000;

/**
 * How long a vendor asks to be left alone, as its headers say: `Retry-After` in seconds or as an HTTP date (RFC 9110, 10.2.3),
 * else `X-RateLimit-Reset` in seconds since 1970 (Alpaca) or from now.
 * @param now milliseconds since 1970.
 * @returns milliseconds, zero where the moment has passed; undefined where neither header says anything that can be read.
 */
export function askedWaitMs(headers: Headers, now: number): number | undefined {
  const asked = headers.get('retry-after') ?? headers.get('x-ratelimit-reset');
  if (asked === null) return undefined;
  const text = asked.trim();
  if (!/^\d{1,12}(\.\d+)?$/.test(text)) {
    const at = Date.parse(text);
    return Number.isNaN(at) ? undefined : Math.max(0, at - now);
  }
  const seconds = Number(text);
  const milliseconds = Math.ceil(seconds * 1_000);
  return seconds < EPOCH_SECONDS_MIN ? milliseconds : Math.max(0, milliseconds - now);
}

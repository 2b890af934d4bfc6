import type { Runner, Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { STREAMS, type Streams } from '../adapters/ports.js';
import { OpenStream } from '../messages.js';

/** Begins to hear the stream of an account. That it is open is heard from the stream itself. */
@Injectable()
export class RunOpenStream implements Runner<{ account: string }, Record<string, never>> {
  readonly work = OpenStream;

  constructor(@Inject(STREAMS) private readonly streams: Streams) {}

  run({ request }: Work<{ account: string }>): Promise<Record<string, never>> {
    this.streams.follow(request.account);
    return Promise.resolve({});
  }
}

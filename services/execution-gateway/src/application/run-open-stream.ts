import type { Runner, Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { VenueStream } from '../adapters/venue-stream.js';
import { OpenStream } from '../messages.js';

/** Begins to hear the stream of an account. That it is open is heard from the stream itself. */
@Injectable()
export class RunOpenStream implements Runner<{ account: string }, Record<string, never>> {
  readonly work = OpenStream;

  constructor(@Inject(VenueStream) private readonly stream: VenueStream) {}

  run({ request }: Work<{ account: string }>): Promise<Record<string, never>> {
    this.stream.follow(request.account);
    return Promise.resolve({});
  }
}

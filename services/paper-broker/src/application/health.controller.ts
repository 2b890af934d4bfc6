import { Controller, Get, Inject } from '@nestjs/common';
import { Venue } from './venue.js';

/** For whoever supervises the process; asks for no keys. */
@Controller('health')
export class HealthController {
  constructor(@Inject(Venue) private readonly venue: Venue) {}

  @Get('live')
  live(): object {
    return { status: 'ok', simulated: true };
  }

  /** 500 while the state is not read from the database. */
  @Get('ready')
  ready(): object {
    return { status: 'ok', simulated: true, now: this.venue.now(), session: this.venue.session?.date ?? null };
  }
}

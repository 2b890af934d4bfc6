import { Controller, Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Public } from '../http/bearer.guard.js';
import { Problem } from '../http/problem.js';
import { Readiness, type ReadinessReport } from './readiness.js';

/** What orchestrators of containers and people ask: is it alive, can it take work, and if not, what is missing. */
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process answers. It says nothing about dependencies, so that a database that is away restarts nobody. */
  @Get('live')
  @ApiOperation({ summary: 'The process is up.' })
  live(): { state: 'live' } {
    return { state: 'live' };
  }

  /** Every dependency with its state; 503 where any is down or the service drains. A standby answers HTTP too, and says so. */
  @Get('ready')
  @ApiOperation({ summary: 'The service can take work; each dependency with its state.' })
  async ready(): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    if (report.state === 'ready' || report.state === 'standby') return report;
    const down = report.checks.filter(({ up }) => !up).map(({ name, detail }) => `${name} (${detail})`);
    const draining = report.state === 'draining';
    throw new Problem({
      status: 503,
      code: draining ? 'DRAINING' : 'NOT_READY',
      title: draining ? 'The service is about to stop' : 'The service cannot take work',
      detail: draining ? 'It finishes what it has begun and takes no new work.' : `Down: ${down.join(', ')}.`,
      nextStep: draining
        ? 'Wait until the service has started again.'
        : 'Bring up what is down; the service connects by itself.',
      headers: { 'retry-after': '1' },
      extra: { ...report },
    });
  }
}

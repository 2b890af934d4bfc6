import { Controller, Get, Inject } from '@nestjs/common';
import { RightsRegistry } from '../domain/rights.js';

/** Answers what may be done with the data of each source, and where that comes from. */
@Controller('/api/v1/feeds/rights')
export class GetRights {
  constructor(@Inject(RightsRegistry) private readonly rights: RightsRegistry) {}

  @Get()
  get(): unknown {
    const own = new Set(this.rights.own.map(({ source }) => source));
    const items = this.rights.list().map((rule) => ({ ...rule, own: own.has(rule.source) }));
    const otherwise = 'A source that is not listed may be displayed to the operator, and nothing else.';
    return { items, next: null, otherwise };
  }
}

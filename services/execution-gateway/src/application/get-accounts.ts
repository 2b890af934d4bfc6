import { Controller, Get, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccountWatchEntity } from '../persistence/entities/account-watch.entity.js';
import { OpenBreakEntity } from '../persistence/entities/open-break.entity.js';
import { SymbolHaltEntity } from '../persistence/entities/symbol-halt.entity.js';

/** Answers what the account monitor sees: whether an account may trade, what the venue says of it, and what does not agree. */
@Controller('/api/v1/execution/accounts')
export class GetAccounts {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  async list(): Promise<unknown> {
    const { manager } = this.dataSource;
    const watches = await manager.find(AccountWatchEntity, { order: { account: 'ASC' } });
    const breaks = await manager.find(OpenBreakEntity, { order: { kind: 'ASC', subject: 'ASC' } });
    const halts = await manager.find(SymbolHaltEntity, { where: { halted: true }, order: { symbol: 'ASC' } });
    const items = watches.map(({ lookId, ...watch }) => ({
      ...watch,
      ready: watch.readyAt !== null,
      looking: lookId !== null,
      breaks: of(watch, breaks),
      haltedSymbols: of(watch, halts),
    }));
    return { items, next: null };
  }
}

const of = <T extends { readonly account: string }>({ account }: { account: string }, rows: readonly T[]): T[] =>
  rows.filter((row) => row.account === account);

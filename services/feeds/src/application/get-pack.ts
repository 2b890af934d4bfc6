import { Sha256 } from '@ballast/contracts';
import {
  decodePack,
  Fault,
  PACKS,
  Problem,
  zodPipe,
  type PackPanel,
  type PackStore,
  type StoredPack,
} from '@ballast/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { diffPacks } from '../domain/pack-diff.js';
import { RightsRegistry } from '../domain/rights.js';
import { attributionsOfHistory } from './provenance.js';

const Page = z.object({
  after: Sha256.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Answers which packs are in the store, what is in one, and whether its file is still what its name says. */
@Controller('/api/v1/packs')
export class GetPack {
  constructor(
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(RightsRegistry) private readonly rights: RightsRegistry,
  ) {}

  @Get()
  async list(@Query(zodPipe(Page)) { after = '', limit }: z.infer<typeof Page>): Promise<unknown> {
    const later = (await this.packs.list()).filter(({ hash }) => hash > after);
    const packs = later.slice(0, limit);
    return { items: packs, next: later.length > limit ? packs.at(-1)!.hash : null };
  }

  @Get('/:hash')
  async get(@Param('hash', zodPipe(Sha256)) hash: string): Promise<unknown> {
    const { kind, bytes } = await this.#find(hash);
    if (kind === 'json') return { hash, kind, bytes };
    const pack = await this.#open(hash);
    const { symbols, dates, asOf, source, synthetic, quality } = pack;
    return {
      hash,
      kind,
      bytes,
      source,
      synthetic,
      asOf,
      symbols: symbols.length,
      sessions: dates.length,
      from: dates[0],
      to: dates.at(-1),
      quality: { lowest: quality.reduce((a, b) => Math.min(a, b), 1) },
      attributions: await attributionsOfHistory(this.dataSource.manager, this.rights, source),
    };
  }

  @Get('/:hash/diff/:later')
  async diff(
    @Param('hash', zodPipe(Sha256)) hash: string,
    @Param('later', zodPipe(Sha256)) later: string,
  ): Promise<unknown> {
    const [before, after] = [await this.#openPack(hash), await this.#openPack(later)];
    const about = ({ source, synthetic, asOf }: PackPanel): object => ({ source, synthetic, asOf });
    return { before: { hash, ...about(before) }, after: { hash: later, ...about(after) }, ...diffPacks(before, after) };
  }

  @Get('/:hash/verify')
  async verify(@Param('hash', zodPipe(Sha256)) hash: string): Promise<unknown> {
    await this.#find(hash);
    const verdict = await this.packs.verify(hash);
    if (verdict.state === 'ok') return { hash, state: 'ok', expected: hash, found: hash };
    return {
      hash,
      ...verdict,
      nextStep: 'Restore the file from a copy, or import the history and run the cycle again.',
    };
  }

  async #openPack(hash: string): Promise<PackPanel> {
    const { kind } = await this.#find(hash);
    if (kind === 'json') {
      throw new Problem({
        status: 409,
        code: 'PACK_IS_A_LIST',
        title: 'That is no pack of prices',
        detail: `${hash} is a list of an event that was too long to travel, kept as JSON.`,
        nextStep: 'Compare packs of kind arrow; "ballast pack list" shows the kinds.',
      });
    }
    return this.#open(hash);
  }

  /** Reading checks the bytes against their name, so that they are read once only. */
  async #open(hash: string): Promise<PackPanel> {
    try {
      return decodePack(await this.packs.get(hash));
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'PACK_CORRUPT') throw error;
      throw new Problem({
        status: 409,
        code: 'PACK_CORRUPT',
        title: 'The file of the pack was changed',
        detail: error.message,
        nextStep: 'Restore the file from a copy, or import the history and run the cycle again.',
      });
    }
  }

  async #find(hash: string): Promise<StoredPack> {
    const found = await this.packs.find(hash);
    if (found) return found;
    throw new Problem({
      status: 404,
      code: 'PACK_NOT_FOUND',
      title: 'There is no such pack',
      detail: `The pack store has nothing under ${hash}.`,
      nextStep: 'See what there is with "ballast pack list".',
    });
  }
}

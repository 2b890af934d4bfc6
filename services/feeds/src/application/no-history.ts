import { Problem } from '@ballast/platform';

/** That there is no history to answer from. @param asked the source that was named; undefined where none was. */
export const noHistory = (asked: string | undefined): Problem =>
  new Problem({
    status: 404,
    code: 'NO_HISTORY',
    title: 'There is no history to look at',
    detail: asked === undefined ? 'No history was imported yet.' : `There is no history named "${asked}".`,
    nextStep:
      'Import a file ("ballast data import FILE") or fetch one ("ballast data backfill"); /api/v1/feeds/history lists what is there.',
  });

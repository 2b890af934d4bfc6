import type { AlertData, Envelope, Family, Instant, ParkedData } from '@ballast/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { AlertEntity } from './entities/alert.entity.js';
import { ParkedMessageEntity } from './entities/parked-message.entity.js';
import { pageOf, type Page } from './page.js';

/** Keeps an alert; it is open until a person acknowledges it. */
export async function keepAlert(tx: EntityManager, family: Family, event: Envelope<AlertData>): Promise<void> {
  const { at, ...alert } = event.data;
  const open = { acknowledgedAt: null, acknowledgedBy: null, acknowledgedReason: null };
  await tx.insert(AlertEntity, { alertId: event.id, family, ...alert, raisedAt: at, ...open });
}

/** Keeps what was said of a parked message; parked again, it is said again. */
export async function keepParked(tx: EntityManager, { at, ...parked }: ParkedData): Promise<void> {
  await tx.upsert(ParkedMessageEntity, { ...parked, parkedAt: at }, ['consumer', 'eventId']);
}

export const findAlert = (tx: EntityManager, alertId: string): Promise<AlertEntity | null> =>
  tx.findOneBy(AlertEntity, { alertId });

/** Notes who has seen an alert, and why that is enough. */
export async function acknowledge(
  tx: EntityManager,
  alertId: string,
  person: { by: string; reason: string },
  now: Instant,
): Promise<void> {
  const { by, reason } = person;
  await tx.update(AlertEntity, { alertId }, { acknowledgedAt: now, acknowledgedBy: by, acknowledgedReason: reason });
}

export interface AlertQuery {
  readonly state?: 'open' | 'acknowledged' | undefined;
  readonly severity?: AlertData['severity'] | undefined;
  /** The id of the last alert of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Alerts, the newest first. */
export async function listAlerts(dataSource: DataSource, query: AlertQuery): Promise<Page<AlertEntity>> {
  const { state, severity, after, limit } = query;
  const select = dataSource.manager.createQueryBuilder(AlertEntity, 'alert');
  if (state !== undefined) select.andWhere(`alert.acknowledged_at is ${state === 'open' ? 'null' : 'not null'}`);
  if (severity !== undefined) select.andWhere('alert.severity = :severity', { severity });
  if (after !== undefined) {
    select.andWhere(
      '(alert.raised_at, alert.alert_id) < (select raised_at, alert_id from alert where alert_id = :after)',
      {
        after,
      },
    );
  }
  const rows = await select
    .orderBy('alert.raisedAt', 'DESC')
    .addOrderBy('alert.alertId', 'DESC')
    .limit(limit + 1)
    .getMany();
  return pageOf(rows, limit, ({ alertId }) => alertId);
}

/** What services said they put aside, the newest first. */
export const listParked = (dataSource: DataSource, limit: number): Promise<ParkedMessageEntity[]> =>
  dataSource.manager.find(ParkedMessageEntity, { order: { parkedAt: 'DESC', eventId: 'ASC' }, take: limit });

import { createDataSource } from '@ballast/platform';
import type { RecordedMessage } from './recording.js';

const ROWS_A_STATEMENT = 500;

/**
 * Makes an inbox out of a recording, for a replay to read.
 * In: `url`, the database of the service's own role, whose schema has no tables yet.
 */
export async function loadRecording(url: string, service: string, messages: readonly RecordedMessage[]): Promise<void> {
  // A replay reads the inbox alone, and that is a table of the platform's own migration.
  const dataSource = createDataSource({ service, url, entities: [], migrations: [], poolSize: 1 });
  await dataSource.initialize();
  try {
    for (let from = 0; from < messages.length; from += ROWS_A_STATEMENT) {
      await dataSource.query(
        `insert into inbox (turn, event_id, source, type, noun, key, key_seq, correlation_id, body, headers, state,
                            received_at, handled_at, result_hash)
         select turn, event_id, source, type, noun, key, key_seq, correlation_id, body, headers, state,
                handled_at, handled_at, result_hash
           from json_populate_recordset(null::inbox, $1)`,
        [JSON.stringify(messages.slice(from, from + ROWS_A_STATEMENT))],
      );
    }
  } finally {
    await dataSource.destroy();
  }
}

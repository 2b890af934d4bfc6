import { connect } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
const dir = mkdtempSync('/tmp/raw-');
const child = spawn(process.argv[2], ['-a', '127.0.0.1', '-p', '14999', '-js', '-sd', dir], { stdio: 'ignore' });
await new Promise((r) => setTimeout(r, 500));
const nc = await connect({ servers: '127.0.0.1:14999' });
const jsm = await jetstreamManager(nc); const js = jetstream(nc);
const N = 20000; const subjects = 500;
const streams = { plain: {}, age: { max_age: 30 * 86400e9 }, dup: { duplicate_window: 120e9 }, size: { max_bytes: 8 * 1024 ** 3, max_msg_size: 300000 }, deny: { deny_delete: true, discard: 'new' } };
for (const [s, cfg] of Object.entries(streams)) {
  await jsm.streams.add({ name: s, subjects: [`${s}.>`], ...cfg });
  for (let i = 0; i < N; i += 500) await Promise.all(Array.from({ length: 500 }, (_, n) => js.publish(`${s}.plan.v1.k${n % subjects}`, 'x'.repeat(300), { msgID: `${s}${i + n}` })));
  for (const [name, f, o] of [['plain', {}, {}], ['wait16', { max_waiting: 16 }, {}], ['hb', {}, { idle_heartbeat: 1000, expires: 30000, bind: true }]]) {
    await jsm.consumers.add(s, { durable_name: name, ack_policy: 'explicit', max_ack_pending: 1000, filter_subjects: [`${s}.plan.>`], ...f });
    const c = await js.consumers.get(s, name);
    const t = performance.now(); let n = 0; const stopAt = t + 4000; let held = [];
    while (n < N && performance.now() < stopAt) { for await (const m of await c.fetch({ max_messages: 200, expires: 2000, ...o })) { n++; held.push(m); if (held.length === 100) { for (const h of held) h.ack(); held = []; } } }
    console.log(s, name, Math.round(n / ((performance.now() - t) / 1000)), '/s');
  }
}
await nc.close(); child.kill(); rmSync(dir, { recursive: true, force: true });

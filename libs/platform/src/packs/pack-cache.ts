import { decodePack, type PackPanel } from './pack.js';
import type { PackStore } from './pack-store.js';

interface Entry {
  readonly panel: Promise<PackPanel>;
  /** 0 until it is read. */
  bytes: number;
}

/**
 * Decodes a pack once a process and keeps the panels used last. Panels are shared, so
 * nobody may write to their arrays.
 */
export class PackCache {
  /** In the order of use: the first was not used for longest. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  /** @param bytesMax how many bytes of pack files may be held; the one used last is kept in any case. */
  constructor(
    private readonly store: PackStore,
    private readonly bytesMax: number,
  ) {}

  /**
   * The panel of a pack; callers who ask at the same time share one reading.
   * @throws Fault as the store and {@link decodePack} do; a failure is not kept.
   */
  get(hash: string): Promise<PackPanel> {
    const known = this.#entries.get(hash);
    const entry = known ?? this.#read(hash);
    this.#entries.delete(hash);
    this.#entries.set(hash, entry);
    return entry.panel;
  }

  #read(hash: string): Entry {
    const reading = this.store.get(hash);
    const entry: Entry = {
      bytes: 0,
      panel: reading.then((bytes) => {
        const panel = decodePack(bytes);
        entry.bytes = bytes.byteLength;
        this.#bytes += bytes.byteLength;
        this.#evict(hash);
        return panel;
      }),
    };
    entry.panel.catch(() => this.#entries.delete(hash));
    return entry;
  }

  #evict(newest: string): void {
    for (const [hash, entry] of this.#entries) {
      if (this.#bytes <= this.bytesMax) return;
      // What is still being read has no size yet, and whoever reads it waits for it.
      if (hash === newest || entry.bytes === 0) continue;
      this.#entries.delete(hash);
      this.#bytes -= entry.bytes;
    }
  }
}

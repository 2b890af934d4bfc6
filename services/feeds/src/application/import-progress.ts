/** How far a reading has come, for whoever asks; nothing is decided by it and it is not kept. */
export interface Progress {
  /** What is counted: bytes of a file, or groups of symbols of a vendor. */
  readonly unit: 'bytes' | 'groups';
  readonly done: number;
  readonly total: number;
  readonly rows: number;
}

/** The progress of the imports that run in this process. */
export class ImportProgress {
  readonly #byImport = new Map<string, Progress>();

  set(importId: string, progress: Progress): void {
    this.#byImport.set(importId, progress);
  }

  get(importId: string): Progress | null {
    return this.#byImport.get(importId) ?? null;
  }

  /** 0 to 1; 0 where nothing is known. */
  fraction(importId: string): number {
    const progress = this.#byImport.get(importId);
    return progress === undefined || progress.total === 0 ? 0 : Math.min(1, progress.done / progress.total);
  }

  forget(importId: string): void {
    this.#byImport.delete(importId);
  }
}

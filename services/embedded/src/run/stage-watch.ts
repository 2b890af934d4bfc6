import { every, type Loop } from '../host/loop.js';
import { serviceNamed, type System } from '../host/system.js';
import type { Client } from './client.js';
import type { Stage } from './options.js';
import { isBeyond, partOf, stageOf, type CycleLook } from './stage.js';
import type { Stopwatch } from './stopwatch.js';

/** How often it is looked whether the orchestrator has handled something; only then it is asked. */
const LOOK_MS = 20;

/** Follows one cycle from stage to stage as they happen, and measures how long each took. */
export class StageWatch {
  #stage: Stage = 'pricing';
  #turns = -1;
  readonly #scoredBefore: number;

  constructor(
    private readonly system: System,
    private readonly client: Client,
    private readonly watch: Stopwatch,
    private readonly say: (stage: Stage) => void,
  ) {
    this.#scoredBefore = serviceNamed(system, 'signal').inbox.turns;
  }

  /** Looks by itself until it is stopped. */
  follow(cycleId: string, tell: (line: string) => void): Loop {
    const look = async (): Promise<void> => {
      const turns = this.#turnsNow();
      if (turns === this.#turns) return;
      this.#turns = turns;
      await this.look(cycleId);
    };
    return every(LOOK_MS, look, tell);
  }

  /** Asks how far the cycle is, and tells of the stage it has come to. Out: that stage. */
  async look(cycleId: string): Promise<Stage> {
    const cycle = await this.client.get<CycleLook>(`/api/v1/cycles/${cycleId}`);
    const signal = serviceNamed(this.system, 'signal').inbox;
    const stage = stageOf(cycle, signal.turns > this.#scoredBefore && signal.resting);
    if (isBeyond(stage, this.#stage)) {
      this.watch.lap(partOf(this.#stage));
      this.#stage = stage;
      this.say(stage);
    }
    return this.#stage;
  }

  #turnsNow(): number {
    return serviceNamed(this.system, 'orchestrator').inbox.turns + serviceNamed(this.system, 'signal').inbox.turns;
  }
}

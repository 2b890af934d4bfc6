import * as contracts from '@ballast/contracts';
import { REGISTRY, type EventType } from '@ballast/contracts';
import { commentBefore, sourcesBelow } from './sources.js';

/** An event type with the name of its constant and what its author wrote about it. */
export interface KnownEvent {
  readonly type: EventType;
  /** `PlanProposed`, or `AlertRaised` for a type that every family has. */
  readonly constant: string;
  readonly description: string;
  /** True for what every service can say about itself. */
  readonly everyFamily: boolean;
}

/** Every event type of the registry, sorted by type, with its constant and its comment in contracts. */
export function knownEvents(root: string): KnownEvent[] {
  const texts = sourcesBelow(root, 'libs/contracts/src').map((source) => source.text);
  const commentOf = (constant: string): string =>
    texts.map((text) => commentBefore(text, new RegExp(`export const ${constant}`))).find((each) => each !== '') ?? '';
  const named = Object.entries(contracts).flatMap(
    ([constant, value]): { constant: string; type: EventType; every: boolean }[] => {
      if (typeof value !== 'object' || value === null) return [];
      if (isEventType(value)) return [{ constant, type: value, every: false }];
      return Object.values(value)
        .filter(isEventType)
        .map((type) => ({ constant, type, every: true }));
    },
  );
  return named
    .filter(({ type }) => REGISTRY.get(type.type) === type)
    .map(({ constant, type, every }) => ({ constant, type, everyFamily: every, description: commentOf(constant) }))
    .sort((a, b) => (a.type.type < b.type.type ? -1 : 1));
}

const isEventType = (value: unknown): value is EventType =>
  typeof value === 'object' && value !== null && 'type' in value && 'family' in value && 'schema' in value;

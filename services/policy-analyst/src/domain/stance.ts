import { MODIFIERS_A, MODIFIERS_B, NEGATIONS, NOUNS_A, NOUNS_B } from './dictionary.js';

export type Stance = 'hawkish' | 'dovish' | 'neutral';

/** What a text says, sentence by sentence counted. */
export interface Opinion {
  readonly stance: Stance;
  /** (hawkish − dovish) / (hawkish + dovish), −1 to 1, rounded to 1e-9; null where no sentence takes a side. */
  readonly index: number | null;
  readonly sentences: Readonly<Record<Stance, number>>;
}

const FLIPPED: Readonly<Record<Stance, Stance>> = { hawkish: 'dovish', dovish: 'hawkish', neutral: 'neutral' };

/**
 * The stance of one sentence: (A1 and A2) or (B1 and B2) is dovish; otherwise (A1 and B2) or (B1 and A2) is
 * hawkish; otherwise neutral. A negation turns dovish and hawkish round.
 */
export function stanceOfSentence(sentence: string): Stance {
  // Typographic apostrophes are what policy makers publish, and the list is written with plain ones.
  const text = sentence.toLowerCase().replaceAll('’', "'");
  const has = (words: readonly string[]): boolean => words.some((word) => text.includes(word));
  const [nounA, modifierA, nounB, modifierB] = [has(NOUNS_A), has(MODIFIERS_A), has(NOUNS_B), has(MODIFIERS_B)];
  const plain = stanceOf((nounA && modifierA) || (nounB && modifierB), (nounA && modifierB) || (nounB && modifierA));
  return has(NEGATIONS) ? FLIPPED[plain] : plain;
}

function stanceOf(dovish: boolean, hawkish: boolean): Stance {
  if (dovish) return 'dovish';
  return hawkish ? 'hawkish' : 'neutral';
}

/** Cuts a text into sentences: after a full stop, question or exclamation mark before white space, and at empty lines. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?]["'”’)]?)\s+|\n\s*\n/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /\p{L}/u.test(sentence));
}

/** The opinion that a text gives, by the balance of its sentences. A tie takes no side. */
export function opinionOf(text: string): Opinion {
  const sentences = { hawkish: 0, dovish: 0, neutral: 0 };
  for (const sentence of sentencesOf(text)) sentences[stanceOfSentence(sentence)] += 1;
  const { hawkish, dovish } = sentences;
  const sided = hawkish + dovish;
  const stance = stanceOf(dovish > hawkish, hawkish > dovish);
  return { stance, index: sided === 0 ? null : round((hawkish - dovish) / sided), sentences };
}

const round = (value: number): number => Math.round(value * 1e9) / 1e9;

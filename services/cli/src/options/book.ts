/** The book of a command that names none. */
export const DEFAULT_BOOK = 'main';

/** The number that a letter stands for in the check digits of ISIN and CUSIP: A is 10. */
const digitOf = (character: string): number => parseInt(character, 36);

/** The digits of a text summed up, every second one doubled (Luhn): the first of them doubled or not. */
function luhn(digits: readonly number[], doubleFirst: boolean): number {
  return digits.reduce((sum, digit, i) => {
    const value = (i % 2 === 0) === doubleFirst ? digit * 2 : digit;
    return sum + Math.floor(value / 10) + (value % 10);
  }, 0);
}

/** Whether a text is an ISIN with its check digit right (ISO 6166). */
export function isIsin(text: string): boolean {
  if (!/^[A-Z]{2}[A-Z0-9]{9}\d$/.test(text)) return false;
  const digits = [...text].flatMap((character) => [...String(digitOf(character))].map(Number));
  return luhn(digits.reverse(), false) % 10 === 0;
}

/** Whether a text is a CUSIP of letters and digits with its check digit right (ANSI X9.6). */
export function isCusip(text: string): boolean {
  if (!/^[A-Z0-9]{8}\d$/.test(text)) return false;
  const sum = luhn([...text.slice(0, 8)].map(digitOf), false);
  return (10 - (sum % 10)) % 10 === Number(text[8]);
}

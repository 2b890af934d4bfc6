/** A bug that is put into one built file for the length of one process, to see that the simulator finds it. */
export interface PlantedFault {
  readonly name: string;
  /** The built file, from the root of the repository. */
  readonly file: string;
  /** The snippet that must be in it exactly once. */
  readonly find: string;
  readonly replace: string;
  /** A seed that finds it. */
  readonly knownSeed: number;
}

export const PLANTED_FAULTS: readonly PlantedFault[] = [];

/** @throws RangeError where there is no fault of that name. */
export function faultNamed(name: string): PlantedFault {
  const found = PLANTED_FAULTS.find((fault) => fault.name === name);
  if (found) return found;
  throw new RangeError(`no planted fault "${name}"; there are ${PLANTED_FAULTS.map((fault) => fault.name).join(', ')}`);
}

/** Why a command is not carried out, as a caller over HTTP is told. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly nextStep: string;
}

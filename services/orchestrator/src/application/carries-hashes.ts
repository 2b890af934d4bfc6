import { Problem } from '@ballast/platform';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, throwError, type Observable } from 'rxjs';

/** Puts `pricing_pack_id` and `ledger_commit_hash` into every problem too; null where there is none yet. */
@Injectable()
export class CarriesHashes implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => carrying(error))));
  }
}

function carrying(error: unknown): unknown {
  if (!(error instanceof Problem)) return error;
  const { status, code, title, detail, nextStep, errors, headers } = error;
  const extra = { pricing_pack_id: null, ledger_commit_hash: null, ...error.extra };
  return new Problem({ status, code, title, detail, nextStep, headers, extra, ...(errors ? { errors } : {}) });
}

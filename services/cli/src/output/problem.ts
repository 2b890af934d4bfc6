import type { ErrorReport } from '../errors.js';

/**
 * Renders an error as people read it: code and what on the first line, each faulty field
 * below, and the next step last. Ends with a newline.
 */
export function renderProblem(report: ErrorReport): string {
  const lines = [`error ${report.code}: ${report.what}`];
  for (const { field, message } of report.where) lines.push(`  where: ${field}: ${message}`);
  if (report.nextStep !== null) lines.push(`  next:  ${report.nextStep}`);
  return `${lines.join('\n')}\n`;
}

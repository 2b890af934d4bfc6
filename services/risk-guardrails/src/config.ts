import { decimalText, integer } from '@ballast/platform';
import { z } from 'zod';

const fraction = () => decimalText({ min: '0.0001', max: '10' });

/** What an operator can set; the limits are the rule book, and their hash is its version. */
export const RiskConfig = z.object({
  RISK_SIGNING_KEY_FILE: z
    .string()
    .min(1)
    .describe('the Ed25519 private key (PEM, PKCS 8) that verdicts are signed with; the host makes it on first start'),
  RISK_LIMIT_NOTIONAL_PER_NAME: fraction()
    .default('0.10')
    .describe('the largest position in one name, working orders included, as a part of equity'),
  RISK_LIMIT_SECTOR_GROSS: fraction()
    .default('0.30')
    .describe('the largest gross exposure of one sector, working orders included, as a part of equity'),
  RISK_LIMIT_ADV_FRACTION: fraction()
    .default('0.05')
    .describe('the most that a plan may trade of a name, as a part of its average daily volume over 20 sessions'),
  RISK_APPROVAL_NOTIONAL_USD_MIN: decimalText({ min: '0' })
    .optional()
    .describe('plans and orders that trade more than this wait for a person; unset means that none does'),
  RISK_MARKS_AGE_HOURS_MAX: integer({ min: 1, max: 8_760 })
    .default(96)
    .describe('how old the last marks may be when an order of a person is judged by them'),
});

export type RiskConfig = z.infer<typeof RiskConfig>;

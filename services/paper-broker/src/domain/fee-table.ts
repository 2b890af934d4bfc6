import type { SessionDate } from '@ballast/kernel/calendar';

/** A rate from a day on, until the next one. */
export interface DatedRate {
  readonly from: SessionDate;
  /** A part of the value, or US dollars a share, as the table says. */
  readonly rate: string;
  /** The most that one trade pays, US dollars; null where there is no such limit. */
  readonly most: string | null;
  readonly source: string;
}

const rate = (from: SessionDate, text: string, source: string, most: string | null = null): DatedRate => ({
  from,
  rate: text,
  most,
  source,
});

/** SEC section 31 (15 U.S.C. 78ee): a part of the value of what is sold. */
export const SEC_SECTION_31: readonly DatedRate[] = [
  rate('2012-04-01', '0.0000224', 'SEC press release 2012-232'),
  rate('2013-05-25', '0.0000174', 'FINRA Information Notice 3/3/14 names the rate that it ended'),
  rate('2014-03-18', '0.0000221', 'FINRA Information Notice 3/3/14'),
  rate('2015-02-14', '0.0000184', 'SEC fee rate advisory 2016-2 names the rate that it ended'),
  rate('2016-02-16', '0.0000218', 'SEC fee rate advisory 2016-2; FINRA Information Notice 3/15/16'),
  rate('2017-07-04', '0.0000231', 'SEC fee rate advisory #3 for fiscal year 2017'),
  rate('2018-05-22', '0.0000130', 'SEC fee rate advisory #3 for fiscal year 2018; FINRA Information Notice 5/7/18'),
  rate('2019-04-16', '0.0000207', 'SEC fee rate advisory #2 for fiscal year 2019; 84 FR 9576'),
  rate('2020-02-18', '0.0000221', 'SEC fee rate advisory #2 for fiscal year 2020'),
  rate('2021-02-25', '0.0000051', 'SEC fee rate advisory #2 for fiscal year 2021'),
  rate('2022-05-14', '0.0000229', 'SEC fee rate advisory #2 for fiscal year 2022'),
  rate('2023-02-27', '0.0000080', 'SEC fee rate advisory #2 for fiscal year 2023'),
  rate('2024-05-22', '0.0000278', 'SEC release 34-99973; 89 FR 29402'),
  rate('2025-05-14', '0', 'SEC release 34-102779; 90 FR 15492'),
  rate('2026-04-04', '0.0000206', 'SEC release 34-104909; 91 FR 10643; fee rate advisory 2026-2'),
];

/** FINRA trading activity fee (By-Laws, Schedule A, section 1): US dollars a share sold, with a limit a trade. */
export const FINRA_TAF: readonly DatedRate[] = [
  rate('2011-07-01', '0.000090', 'FINRA Regulatory Notice 11-27', '4.50'),
  rate('2012-03-01', '0.000095', 'FINRA Regulatory Notice 12-06', '4.75'),
  rate('2012-07-01', '0.000119', 'FINRA By-Laws, Schedule A, section 1', '5.95'),
  rate('2022-01-01', '0.000130', 'SR-FINRA-2020-032; 85 FR 66592', '6.49'),
  rate('2023-01-01', '0.000145', 'SR-FINRA-2020-032; 85 FR 66592', '7.27'),
  rate('2024-01-01', '0.000166', 'SR-FINRA-2020-032; 85 FR 66592', '8.30'),
  rate('2026-01-01', '0.000195', 'SR-FINRA-2024-019; 89 FR 93709', '9.79'),
  rate('2026-10-01', '0', 'SR-FINRA-2026-021 (no fee from October to December 2026)', '9.79'),
  rate('2027-01-01', '0.000232', 'SR-FINRA-2024-019; 89 FR 93709', '11.61'),
  rate('2028-01-01', '0.000240', 'SR-FINRA-2024-019; 89 FR 93709', '12.05'),
];

/** National Stock Exchange of India, cash segment, delivery: parts of the value in rupees. */
export const NSE_STT: readonly DatedRate[] = [
  rate('2013-06-01', '0.001', 'Finance Act 2013; delivery, buyer and seller each'),
];
export const NSE_STAMP_DUTY: readonly DatedRate[] = [
  rate('2020-07-01', '0.00015', 'Indian Stamp Act as amended by the Finance Act 2019; delivery, buyer'),
];
export const NSE_TRANSACTION: readonly DatedRate[] = [
  rate('2024-10-01', '0.0000297', 'NSE schedule of transaction charges from 1 October 2024; each side'),
];
export const SEBI_TURNOVER: readonly DatedRate[] = [
  rate('2021-06-01', '0.000001', 'SEBI (Stock Brokers) Regulations: 10 rupees a crore; each side'),
];
/** Of commission, transaction charge and turnover fee together. */
export const GST: readonly DatedRate[] = [rate('2017-07-01', '0.18', 'Integrated Goods and Services Tax at 18 %')];

/** The rate in force on a day, or null before the first that the table knows. */
export function rateOn(table: readonly DatedRate[], date: SessionDate): DatedRate | null {
  return table.findLast(({ from }) => from <= date) ?? null;
}

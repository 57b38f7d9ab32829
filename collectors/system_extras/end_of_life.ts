/**
 * Until when releases of Linux distributions get security updates without a contract (long-term support of the distribution's own
 * included). The dates are data and grow old; a release that is not listed has no known end, and what `os-release` itself says
 * (`SUPPORT_END`, os-release(5)) goes first.
 *
 * Checked 2026-11-21 against distro-info-data (Debian, Ubuntu), endoflife.date and the distributions' pages.
 */
import type { OsRelease } from "../os_release.ts";

/** Last day by `ID` and by `VERSION_ID` or its beginning: `9` is every 9.x. */
const lastDays: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  almalinux: { "8": "2029-03-01", "9": "2032-05-31", "10": "2035-05-31" },
  alpine: {
    "3.16": "2024-05-23",
    "3.17": "2024-11-22",
    "3.18": "2025-05-09",
    "3.19": "2025-11-01",
    "3.20": "2026-04-01",
    "3.21": "2026-11-01",
    "3.22": "2027-05-01",
    "3.23": "2027-11-01",
  },
  amzn: { "2018.03": "2023-12-31", "2": "2026-06-30", "2023": "2029-06-30" },
  centos: { "7": "2024-06-30", "8": "2024-05-31", "9": "2027-05-31", "10": "2030-01-01" },
  debian: {
    "8": "2020-06-30",
    "9": "2022-06-30",
    "10": "2024-06-30",
    "11": "2026-08-31",
    "12": "2028-06-30",
    "13": "2030-06-30",
  },
  fedora: {
    "38": "2024-05-21",
    "39": "2024-11-26",
    "40": "2025-05-13",
    "41": "2025-12-15",
    "42": "2026-05-13",
    "43": "2026-12-09",
  },
  "opensuse-leap": {
    "15.4": "2023-12-07",
    "15.5": "2024-12-31",
    "15.6": "2026-04-30",
    "16.0": "2027-10-31",
  },
  rhel: { "7": "2024-06-30", "8": "2029-05-31", "9": "2032-05-31", "10": "2035-05-31" },
  rocky: { "8": "2029-05-31", "9": "2032-05-31", "10": "2035-05-31" },
  sles: {
    "12.5": "2024-10-31",
    "15.3": "2022-12-31",
    "15.4": "2023-12-31",
    "15.5": "2024-12-31",
    "15.6": "2025-12-31",
    "15.7": "2031-07-31",
  },
  ubuntu: {
    "16.04": "2021-04-30",
    "18.04": "2023-05-31",
    "20.04": "2025-05-29",
    "22.04": "2027-06-01",
    "23.10": "2024-07-11",
    "24.04": "2029-05-31",
    "24.10": "2025-07-10",
    "25.04": "2026-01-15",
    "25.10": "2026-07-09",
    "26.04": "2031-05-29",
    "26.10": "2027-07-15",
  },
};

/** Last day of free security updates, `YYYY-MM-DD`; `undefined` where it is not known. */
export function endOfLifeOf({ id, versionId, supportEnd }: OsRelease): string | undefined {
  if (supportEnd !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(supportEnd)) return supportEnd;
  const releases = id !== undefined && Object.hasOwn(lastDays, id) ? lastDays[id] : undefined;
  if (releases === undefined || versionId === undefined) return undefined;
  const known = Object.keys(releases).find((version) =>
    versionId === version || versionId.startsWith(`${version}.`)
  );
  return known === undefined ? undefined : releases[known];
}

/** Whole days from `nowMs` until the end of `day`; negative after it, `undefined` when that is no day of the calendar. */
export function daysUntil(day: string, nowMs: number): number | undefined {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(startMs) ? undefined : Math.floor((startMs - nowMs) / 86_400_000) + 1;
}

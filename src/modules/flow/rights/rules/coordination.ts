/** What the coordination meeting of a new programme is asked of, and by whom (F-79). The figures are settings, not law. */

/** Whether the sharing of a programme waits for a meeting: it is large enough, and none has a day. */
export const meetingIsDue = (
  { dwellings, meetingOn }: { dwellings: number; meetingOn: string | null },
  leastDwellings: number,
): boolean => dwellings >= leastDwellings && meetingOn === null;

/** Dwellings kept for rehousing when nobody says how many: whole ones, rounded down, so that the parties lose nothing by it. */
export const keptForRehousing = (dwellings: number, percent: number): number => Math.floor((dwellings * percent) / 100);

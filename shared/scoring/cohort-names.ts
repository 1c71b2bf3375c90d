/**
 * Names of cohorts, by team and use case. Equal names are one text: a million sessions have few cohorts.
 */
export function cohortNames(): (team: string, useCase: string) => string {
  const byTeam = new Map<string, Map<string, string>>();
  return (team, useCase) => {
    const ofTeam = byTeam.get(team) ?? new Map<string, string>();
    byTeam.set(team, ofTeam);
    const name = ofTeam.get(useCase) ?? `${team} ${useCase}`;
    ofTeam.set(useCase, name);
    return name;
  };
}

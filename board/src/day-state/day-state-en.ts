import type { DayStateTexts } from './day-state-texts.ts';

const noun = (one: string, other: string) => ({ one, few: other, many: other, other });

export const dayStateEn: DayStateTexts = {
  name: 'What kind of day it is',
  sites: noun('site', 'sites'),
  sitesAre: noun('simulated site', 'simulated sites'),
  silencedIncidents: noun('incident', 'incidents'),
  drilledIncidents: noun('incident is marked as a drill', 'incidents are marked as drills'),
  playedDay: (speed) => `SIMULATION: time ×${speed}, do not phone the schools`,
  playedInRealTime: 'SIMULATION: the day is played, do not phone the schools',
  allSimulated: 'SIMULATION: no workstation is real, do not phone the schools',
  someSimulated: (sites, workstations) =>
    `Beside real ones: ${sites} (${workstations}), do not phone these`,
  massSilence: (silent, expected, share) => `Not heard: ${silent} of ${expected} (${share})`,
  threshold: (share) => `threshold ${share}`,
  noPlan: 'No plan of the rehearsal: deadlines and silence by rule are not known',
  before: (days, state) => `${days} to the rehearsal: ${state}`,
  today: (time, state) => `The rehearsal is today from ${time}: ${state}`,
  preparing: (ready, involved) => `preparation; ready ${ready} of ${involved}`,
  preparingOnly: 'preparation',
  after: (time) => `The rehearsal ended at ${time}; the board shows the state after it`,
  drill: (incidents) => `DRILL: ${incidents}`,
  planChanged: (version) => `The plan has changed: version ${version} holds`,
  planEditing: (by, time) => `${by} edits the plan since ${time}: deadlines may change`,
  silences: (incidents) => `Silenced: ${incidents}`,
  silencesUntil: (incidents, time) => `Silenced: ${incidents}, the next ends at ${time}`,
  silentByRule: (sites, workstations) => `Silent by rule: ${sites} (${workstations})`,
  silentByRuleUntil: (sites, workstations, time) =>
    `Silent by rule: ${sites} (${workstations}) until ${time}`,
  more: (count) => `${count} more`,
  warnings: {
    listensWithoutTls: 'The collector listens without encryption',
    agentsReturn:
      'The collector was away: workstations are coming back, their silence does not count yet',
    cutOff: 'The collector is cut off: we do not hear the workstations; they are not silent',
    damagedFileSetAside: 'A damaged history file stands aside',
    diskBudgetNearlyFull: 'The history takes almost all of its disk budget',
    diskBudgetExceeded: 'The history takes all of its disk budget',
    diskNearlyFull: "The collector's disk is nearly full",
    replayNotRecorded: "The replay is not recorded: the collector's disk does not take it",
    storeRestarting: 'The store is being restarted',
    influxUnreachable: 'InfluxDB does not answer; data wait in the buffer',
    poisonedPoints: 'InfluxDB refused some data; they stand aside',
    bufferNearlyFull: 'The buffer in front of InfluxDB is nearly full',
    webhookTestFailed: 'The last drill did not reach one of the receivers: look at Alerts',
    webhookUntested: 'A receiver was never reached by a drill: look at Alerts',
    noWebhooks: 'Nobody is told of incidents: there is no receiver of alerts',
  },
};

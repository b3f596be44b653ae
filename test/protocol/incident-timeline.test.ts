import { describe, expect, it } from 'vitest';
import { IncidentTimeline, idOf, lineOf, sitesOf } from '../support/incident-timeline.ts';

const dev = (name: string, device: string): string => `device:${name}/${device}`;
const told = (name: string, device: string): string => `device:${idOf(name)}/${device}`;

describe('an incident', () => {
  it('opens when a fault lasts, and ends when it is over for long enough', () => {
    new IncidentTimeline(sitesOf(3))
      .at(9, 31)
      .fail('1001-0002', 'printer.state', 'jam')
      .at(9, 31, 19)
      .expect()
      .at(9, 31, 21)
      .expect(`critical ${dev('1001-0002', 'printer.1')} printer.state jam 1/1`)
      .at(9, 40)
      .heal('1001-0002', 'printer.state')
      .at(9, 40, 29)
      .expect(`critical ${dev('1001-0002', 'printer.1')} printer.state jam 1/1`)
      .at(9, 40, 31)
      .expect()
      .expectTold(
        `opened ${told('1001-0002', 'printer.1')} printer.state jam`,
        `resolved healed ${told('1001-0002', 'printer.1')} printer.state jam`,
      );
  });

  it('does not open for what is over before it counts, and a short recovery does not end it', () => {
    new IncidentTimeline(sitesOf(1))
      .at(9, 10)
      .fail('1001-0001', 'printer.state', 'offline')
      .at(9, 10, 15)
      .heal('1001-0001', 'printer.state')
      .at(9, 20)
      .expectTold()
      .fail('1001-0001', 'printer.state', 'offline')
      .at(9, 21)
      .heal('1001-0001', 'printer.state')
      .at(9, 21, 20)
      .fail('1001-0001', 'printer.state', 'offline')
      .at(9, 30)
      .expectTold(`opened ${told('1001-0001', 'printer.1')} printer.state offline`);
  });

  it('is as bad as the hour: a dead printer in the evening before is a warning, and rises in the morning', () => {
    new IncidentTimeline(sitesOf(1))
      .phase('preparation')
      .fail('1001-0001', 'printer.state', 'jam')
      .at(9, 5)
      .expect(`warning ${dev('1001-0001', 'printer.1')} printer.state jam 1/1`)
      .phase('opening')
      .at(9, 6)
      .expect(`critical ${dev('1001-0001', 'printer.1')} printer.state jam 1/1`)
      .expectTold(
        `opened ${told('1001-0001', 'printer.1')} printer.state jam`,
        `raised ${told('1001-0001', 'printer.1')} printer.state jam`,
      );
  });

  it('of one device goes on when its reason changes', () => {
    new IncidentTimeline(sitesOf(1))
      .fail('1001-0001', 'printer.state', 'jam')
      .at(9, 5)
      .fail('1001-0001', 'printer.state', 'noPaper')
      .at(9, 6)
      .expect(`critical ${dev('1001-0001', 'printer.1')} printer.state noPaper 1/1`)
      .expectTold(`opened ${told('1001-0001', 'printer.1')} printer.state jam`);
  });

  it('of a device stays open, and says so, while its workstation is not heard', () => {
    new IncidentTimeline(sitesOf(1))
      .fail('1001-0001', 'printer.state', 'jam')
      .at(9, 5)
      .byRule('1001-0001')
      .at(9, 50)
      .expect(`critical ${dev('1001-0001', 'printer.1')} printer.state jam 1/1 unheard`)
      .heal('1001-0001', 'printer.state')
      .hear('1001-0001')
      .at(9, 51)
      .expect();
  });

  it('that a person resolved does not come back before its fault healed', () => {
    const timeline = new IncidentTimeline(sitesOf(1))
      .fail('1001-0001', 'printer.state', 'jam')
      .at(9, 5);
    const id = timeline.engine.open()[0]?.id ?? '';
    const [step] = timeline.engine.resolve(id, 'expected', timeline.now);
    expect(step).toMatchObject({ kind: 'resolved', incident: { resolution: 'expected' } });
    expect(timeline.engine.resolve(id, 'expected', timeline.now)).toEqual([]);
    timeline
      .at(9, 10)
      .expect()
      .restart()
      .at(9, 15)
      .expect()
      .heal('1001-0001', 'printer.state')
      .at(9, 16)
      .fail('1001-0001', 'printer.state', 'jam')
      .at(9, 17)
      .expect(`critical ${dev('1001-0001', 'printer.1')} printer.state jam 1/1`);
  });
});

describe('a fault that becomes another', () => {
  it('is told though a person resolved the first as expected, and is not forgotten over a restart', () => {
    const timeline = new IncidentTimeline(sitesOf(1))
      .at(9, 10)
      .fail('1001-0001', 'printer.state', 'offline')
      .at(9, 12);
    timeline.engine.resolve(timeline.engine.open()[0]?.id ?? '', 'expected', timeline.now);
    timeline
      .at(9, 13)
      .expect()
      .fail('1001-0001', 'printer.state', 'jam')
      .at(9, 13, 5)
      .heal('1001-0001', 'printer.state')
      .at(9, 14)
      .restart()
      .fail('1001-0001', 'printer.state', 'jam')
      .at(9, 15)
      .expect(`critical ${dev('1001-0001', 'printer.1')} printer.state jam 1/1`);
  });

  it('is told as soon as the worse of the two is: what was blind fails', () => {
    new IncidentTimeline(sitesOf(1))
      .fail('1001-0001', 'printer.state', 'stale', { verdict: 'unknown' })
      .at(9, 0, 30)
      .fail('1001-0001', 'printer.state', 'jam')
      .at(9, 0, 51)
      .expect(`critical ${dev('1001-0001', 'printer.1')} printer.state jam 1/1`);
  });
});

describe('silence', () => {
  it('by rule opens nothing', () => {
    const timeline = new IncidentTimeline(sitesOf(20));
    timeline
      .byRule(timeline.of(() => true).filter((name) => !name.endsWith('7777')))
      .at(13, 0)
      .expectTold();
  });

  it('of one PC is one line, of a whole ППЭ too', () => {
    const timeline = new IncidentTimeline(sitesOf(5));
    timeline
      .silence('1002-0001')
      .at(9, 1)
      .expect('critical station:1002-0001 heartbeat silent 1/1')
      .hear('1002-0001')
      .at(9, 10)
      .silence(timeline.of(({ code }) => code === '1003'))
      .at(9, 11)
      .expect('critical site:1003 heartbeat silent 1/5');
  });

  it('of those that switched off in order is no fault, but for those that are needed', () => {
    const timeline = new IncidentTimeline(sitesOf(2));
    timeline
      .phase('preparation')
      .silence('1001-0001', 'saidGoodbye')
      .at(9, 10)
      .expect()
      .phase('opening')
      .silence('1002-0001', 'saidGoodbye')
      .at(9, 11, 59)
      .expect()
      .at(9, 12, 1)
      .expect('warning station:1002-0001 heartbeat saidGoodbye 1/1');
  });
});

describe('the blast radius', () => {
  const kuzbass = sitesOf(40, (at) => ({
    provider: at < 14 ? 'Связь-1' : `Связь-${2 + (at % 3)}`,
  }));
  const isCut = ({ provider }: { provider: string | null }): boolean => provider === 'Связь-1';

  it('of a cut provider is one incident, and one end', () => {
    const timeline = new IncidentTimeline(kuzbass);
    const cut = timeline.of(isCut);
    timeline.at(9, 20);
    // Heartbeats come every five seconds, each workstation at its own moment of them.
    for (const [at, name] of cut.entries()) {
      timeline.silence(name);
      if (at % 14 === 13) timeline.to(timeline.now.wallMs + 1_000);
    }
    timeline.at(9, 21).expect('critical provider:Связь-1 heartbeat silent 14/70');
    timeline.at(9, 26);
    for (const [at, name] of cut.entries()) {
      timeline.hear(name);
      if (at % 3 === 2) timeline.to(timeline.now.wallMs + 1_000);
    }
    timeline
      .at(9, 30)
      .expect()
      .expectTold(
        'opened provider:Связь-1 heartbeat silent',
        'resolved healed provider:Связь-1 heartbeat silent',
      );
  });

  it('goes on over a restart of the collector in the middle', () => {
    const timeline = new IncidentTimeline(kuzbass);
    const cut = timeline.of(isCut);
    timeline
      .at(9, 20)
      .silence(cut)
      .at(9, 22)
      .restart(20_000)
      .at(9, 26)
      .hear(cut)
      .at(9, 27)
      .expect();
    timeline.expectTold(
      'opened provider:Связь-1 heartbeat silent',
      'resolved healed provider:Связь-1 heartbeat silent',
    );
  });

  it('grows from sites to their municipality when they follow each other, and closes what it takes in', () => {
    const timeline = new IncidentTimeline(
      sitesOf(30, (at) => ({ municipality: at < 6 ? 'anzhero' : `m${at}`, provider: `p${at}` })),
    );
    const site = (code: string): string[] => timeline.of((each) => each.code === code);
    timeline
      .silence(site('1001'))
      .at(9, 1)
      .silence(site('1002'))
      .at(9, 2)
      .expect('critical site:1001 heartbeat silent 1/5', 'critical site:1002 heartbeat silent 1/5')
      .silence(site('1003'))
      .at(9, 3)
      .expect('critical municipality:anzhero heartbeat silent 3/15')
      .expectTold(
        'opened site:1001 heartbeat silent',
        'opened site:1002 heartbeat silent',
        'opened municipality:anzhero heartbeat silent',
        'resolved folded site:1001 heartbeat silent',
        'resolved folded site:1002 heartbeat silent',
      );
  });

  it('unfolds when most of it heals: what is left stands alone', () => {
    const timeline = new IncidentTimeline(kuzbass);
    const cut = timeline.of(isCut);
    timeline
      .silence(cut)
      .at(9, 2)
      .hear(cut.filter((name) => !name.startsWith('1003')))
      .at(9, 4)
      .expect('critical provider:Связь-1 heartbeat silent 1/5')
      .at(9, 5)
      .expect('critical site:1003 heartbeat silent 1/5')
      .hear(timeline.of(({ code }) => code === '1003'))
      .at(9, 6)
      .expect()
      .expectTold(
        'opened provider:Связь-1 heartbeat silent',
        'resolved unfolded provider:Связь-1 heartbeat silent',
        'opened site:1003 heartbeat silent',
        'resolved healed site:1003 heartbeat silent',
      );
  });

  it('of what has no common cause stays small: three rooms of three ППЭ are three lines', () => {
    new IncidentTimeline(sitesOf(10))
      .fail(['1001-0001', '1002-0002', '1003-0003'], 'printer.state', 'noPaper')
      .at(9, 5)
      .expect(
        `critical ${dev('1001-0001', 'printer.1')} printer.state noPaper 1/1`,
        `critical ${dev('1002-0002', 'printer.1')} printer.state noPaper 1/1`,
        `critical ${dev('1003-0003', 'printer.1')} printer.state noPaper 1/1`,
      );
  });

  it('of printers ends at their ППЭ, and of a portal does not', () => {
    const timeline = new IncidentTimeline(sitesOf(10));
    timeline
      .fail(
        timeline.of(() => true).filter((name) => name.endsWith('7777')),
        'net.portal',
        'tlsFailed',
      )
      .fail(timeline.of(({ code }) => code === '1001').slice(0, 3), 'printer.state', 'noToner')
      .at(9, 5)
      .expect(
        'critical site:1001 printer.state noToner 1/3',
        'critical region net.portal tlsFailed 10/10',
      );
  });

  it('of both cameras of a room is one line', () => {
    new IncidentTimeline(sitesOf(2))
      .fail('1001-0001', 'camera.1.stream', 'noAnswer')
      .fail('1001-0001', 'camera.2.stream', 'noAnswer')
      .at(9, 2)
      .expect('warning station:1001-0001 camera.stream noAnswer 1/1');
  });
});

describe('video that is out', () => {
  it('counts up in a dark room: told at 5 minutes, critical at 15, annulling at 20', () => {
    const timeline = new IncidentTimeline(sitesOf(1));
    const dark = (seconds: number): IncidentTimeline =>
      timeline
        .fail('1001-0001', 'camera.1.outage', 'outage', { value: seconds })
        .fail('1001-0001', 'camera.2.outage', 'outage', { value: seconds + 60 });
    timeline
      .fail('1001-0001', 'camera.1.stream', 'noAnswer')
      .fail('1001-0001', 'camera.2.stream', 'noAnswer')
      .at(9, 4)
      .expect('warning station:1001-0001 camera.stream noAnswer 1/1');
    dark(301).at(9, 5, 5).expect('warning station:1001-0001 camera.stream outage 1/1');
    dark(901).at(9, 15, 5).expect('critical station:1001-0001 camera.stream outage 1/1');
    dark(1_201).at(9, 20, 5).expect('critical station:1001-0001 camera.stream outageCritical 1/1');
    expect(timeline.engine.open()[0]?.evidence).toMatchObject({ outageMs: 1_201_000 });
  });

  it('of one camera beside another that works is a warning however long it lasts', () => {
    new IncidentTimeline(sitesOf(1))
      .fail('1001-0001', 'camera.1.stream', 'noAnswer')
      .fail('1001-0001', 'camera.1.outage', 'outageCritical', { value: 3_000 })
      .at(9, 50)
      .expect(`warning ${dev('1001-0001', 'camera.1')} camera.stream noAnswer 1/1`);
  });
});

describe('what comes and goes', () => {
  it('is one unstable incident that ends after a quiet while', () => {
    const timeline = new IncidentTimeline(sitesOf(1));
    for (let round = 0; round < 8; round += 1)
      timeline
        .fail('1001-0001', 'printer.state', 'offline')
        .to(timeline.now.wallMs + 40_000)
        .heal('1001-0001', 'printer.state')
        .to(timeline.now.wallMs + 40_000);
    timeline.expect(`critical ${dev('1001-0001', 'printer.1')} printer.state offline 1/1 unstable`);
    const openings = timeline.takeSteps().filter(({ kind }) => kind === 'opened').length;
    expect(openings).toBeLessThanOrEqual(4);
    timeline.to(timeline.now.wallMs + 301_000).expect();
  });

  it('too fast for its duration opens all the same', () => {
    const timeline = new IncidentTimeline(sitesOf(1));
    for (let round = 0; round < 6; round += 1)
      timeline
        .fail('1001-0001', 'printer.state', 'offline')
        .to(timeline.now.wallMs + 8_000)
        .heal('1001-0001', 'printer.state')
        .to(timeline.now.wallMs + 8_000);
    timeline.expect(`critical ${dev('1001-0001', 'printer.1')} printer.state offline 1/1 unstable`);
  });
});

describe('the collector', () => {
  it('that is cut off is one incident of its own', () => {
    const timeline = new IncidentTimeline(sitesOf(3));
    const cutOff = { kind: 'collector.line', reason: 'cutOff', evidence: {} } as const;
    timeline.engine.seeCollector([cutOff], timeline.now);
    timeline.at(9, 5).expect('critical collector collector.line cutOff 0/1');
    timeline.engine.seeCollector([], timeline.now);
    timeline.at(9, 6).expect();
  });
});

describe('a changed plan', () => {
  it('ends incidents of places that take no part any more, and their healing opens none', () => {
    const timeline = new IncidentTimeline(sitesOf(5));
    const site = timeline.of(({ code }) => code === '1002');
    timeline
      .silence(site)
      .fail('1001-0001', 'printer.state', 'jam')
      .at(9, 2)
      .notInvolved(site)
      .at(9, 3)
      .expect(`critical ${dev('1001-0001', 'printer.1')} printer.state jam 1/1`);
    const ends = timeline.takeSteps().filter(({ kind }) => kind === 'resolved');
    expect(ends.map(({ incident }) => `${incident.resolution} ${lineOf(incident)}`)).toEqual([
      'notInvolved critical site:1002 heartbeat silent 1/5',
    ]);
  });
});

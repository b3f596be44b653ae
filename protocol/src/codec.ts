import { Compile } from 'typebox/compile';
import type { TSchema } from 'typebox';
import { HqFrameSchema, type HqFrame } from './hq/hq-frame.ts';
import { fromAgent, toAgent, type FromAgent, type ToAgent } from './messages/agent.ts';
import { fromBoard, toBoard, type BoardFrame, type FromBoard } from './messages/live.ts';
import { limits } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';

export { createIncidentsReader } from './hq/read-incidents.ts';
export { createAgentPlanReader, type AgentPlanReading } from './plan/read-agent-plan.ts';

/** Turns the text of one frame into a validated message, or throws a `ProtocolError`. */
export type Decode<M> = (text: string) => M;

interface Check {
  Check(value: unknown): boolean;
  Errors(value: unknown): Iterable<{ instancePath: string; message: string }>;
}

/** Decoder of frames that agents send. Compiles its validators, so make it once. */
export function createAgentDecoder(): Decode<FromAgent> {
  return decoder<FromAgent>(fromAgent, limits.agentFrameBytes);
}

/** Decoder of frames that a collector sends to agents. */
export function createCollectorDecoder(): Decode<ToAgent> {
  return decoder<ToAgent>(toAgent, limits.collectorFrameBytes);
}

/** Decoder of frames that boards send. */
export function createBoardDecoder(): Decode<FromBoard> {
  return decoder<FromBoard>(fromBoard, limits.boardFrameBytes);
}

/** Decoder of frames that a collector sends to boards; a snapshot has no size limit of its own. */
export function createLiveDecoder(): Decode<BoardFrame> {
  return decoder<BoardFrame>(toBoard, Number.POSITIVE_INFINITY);
}

/** Decoder of frames that a relay sends to the page of its Штаб, on the same PC. */
export function createHqDecoder(): Decode<HqFrame> {
  return decoder<HqFrame>({ hq: HqFrameSchema }, Number.POSITIVE_INFINITY);
}

function decoder<M>(schemas: Readonly<Record<string, TSchema>>, maxBytes: number): Decode<M> {
  const checks = new Map<string, Check>(
    Object.entries(schemas).map(([type, schema]) => [type, Compile(schema)]),
  );
  return (text) => {
    // A UTF-16 unit is at least one byte of UTF-8: a cheap bound before the parser runs.
    if (text.length > maxBytes) {
      throw new ProtocolError(
        'frameTooBig',
        `frame of ${text.length} characters, limit ${maxBytes}`,
      );
    }
    const value = parse(text);
    const type = typeOf(value);
    const check = checks.get(type);
    if (!check) throw new ProtocolError('badFrame', `unknown message type "${type.slice(0, 40)}"`);
    if (!check.Check(value)) throw new ProtocolError('badFrame', describe(type, check, value));
    return value as M;
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProtocolError('badFrame', 'the frame is not JSON');
  }
}

function typeOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'type' in value) {
    if (typeof value.type === 'string') return value.type;
  }
  throw new ProtocolError('badFrame', 'the frame is not an object with a "type"');
}

function describe(type: string, check: Check, value: unknown): string {
  for (const error of check.Errors(value)) {
    return `${type}${error.instancePath.slice(0, 80)} ${error.message.slice(0, 120)}`;
  }
  return `${type} does not match its schema`;
}

import type { EnrolmentKeys } from '@ppe-pulse/protocol/enrolment';
import { agentIdOf, collectorIdOf, isSignedBy } from '../platform/identity.ts';

/** Keys as this PC checks them. */
export const enrolmentKeys: EnrolmentKeys = { isSignedBy, agentIdOf, collectorIdOf };

import { Type } from 'typebox';

/** Made by the caller for each request that changes something: the same one twice is done once. */
export const RequestId = Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._:-]{8,64}$' }));

import ValidatorSelector from '@fastify/ajv-compiler';
import SerializerSelector from '@fastify/fast-json-stringify-compiler';

/**
 * Fastify's own compilers, at a route's first request instead of at the start: a hundred routes cost a
 * start six tenths of a second of CPU, and a collector that is restarted at 09:29 is waited for.
 */
export function lazySchemas() {
  return {
    compilersFactory: {
      buildValidator: lazyBuilder(ValidatorSelector(), lazyValidator),
      buildSerializer: lazyBuilder(SerializerSelector(), lazySerializer),
    },
  };
}

type Compile<R, F> = (route: R) => F;

function lazyBuilder<A extends unknown[], R, F>(
  build: (...parts: A) => Compile<R, F>,
  lazy: (compile: () => F) => F,
): (...parts: A) => Compile<R, F> {
  return (...parts) => {
    const compiler = build(...parts);
    return (route) => lazy(() => compiler(route));
  };
}

/** Ajv hands its errors over on the function itself. */
interface Validator {
  (data: unknown): unknown;
  errors?: unknown;
}

function lazyValidator<F extends Validator>(compile: () => F): F {
  let compiled: F | undefined;
  const validate: Validator = (data) => {
    compiled ??= compile();
    const isValid = compiled(data);
    validate.errors = compiled.errors;
    return isValid;
  };
  return validate as F;
}

function lazySerializer<F extends (data: never) => string>(compile: () => F): F {
  let compiled: F | undefined;
  const serialize = (data: never): string => (compiled ??= compile())(data);
  return serialize as F;
}

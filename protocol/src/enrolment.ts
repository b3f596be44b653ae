export * from './enrolment/credential.ts';
export * from './enrolment/enrolment-file.ts';
export * from './enrolment/enrolment-keys.ts';
export * from './enrolment/enrolment-request.ts';
export * from './enrolment/signed-document.ts';

// Before the unit tests: programs of their own that the tests ask.
module.exports = async () => {
  await require('./policy-evaluator/install.cjs')();
  await require('./event-patterns/install.cjs')();
};

module.exports = () => {
  throw new Error('zip assets are not supported: give a file');
};

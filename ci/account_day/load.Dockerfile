# The fairway command, and what calls Fairway with it without a pause: a day's load. Its context is the repository.
ARG CLI=fairway-cli
FROM ${CLI}
COPY ci/account_day/load data/sample/locations.csv /day/
ENTRYPOINT ["/day/load"]

"""CloudFormation types and properties that the reference app's templates use and ministack lacks or drops."""

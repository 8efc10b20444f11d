"""The AsyncAPI document of all topics and messages, made from the contracts and the wiring: ``python -m deploy.asyncapi``."""

import warnings

# The services' wiring is looked at, which imports eventlet; as in their ``__main__``, its notice has been taken.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")

"""What answers look like, for the OpenAPI document: one file a resource. Answers themselves come from the views as they are."""

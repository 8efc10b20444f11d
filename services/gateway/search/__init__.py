"""Search: what people, companies and needs hold, as an index in the memory of each gateway that is made of the views."""

"""Our bot beside a stock Rasa bot: speed, memory, size."""

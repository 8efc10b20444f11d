"""Europass documents of a made-up person, in the three forms that are read."""

import json
from typing import Any

PASSPORT: dict[str, Any] = {
    "SkillsPassport": {
        "LearnerInfo": {
            "Identification": {
                "PersonName": {"FirstName": "Olha", "Surname": "Koval"},
                "ContactInfo": {
                    "Address": {"Contact": {"AddressLine": "Am Markt 1", "PostalCode": "18055", "Municipality": "Rostock"}},
                    "Email": {"Contact": "olha@example.org"},
                    "Telephone": [{"Contact": "+49 381 55"}],
                },
            },
            "WorkExperience": [
                {
                    "Period": {"From": {"Year": 2010, "Month": 1}, "To": {"Year": 2015, "Month": 12}},
                    "Position": {"Label": "Bauleiterin"},
                    "Employer": {"Name": "Bud", "Sector": {"Code": "F"}},
                },
                {"Period": {"From": {"Year": 2024, "Month": 1}, "Current": True}, "Employer": {"Sector": {"Code": "C28"}}},
            ],
            "Education": [
                {
                    "Period": {"To": {"Year": 2009}},
                    "Title": "Master of Civil Engineering",
                    "Organisation": {"Name": "KNUCA", "ContactInfo": {"Address": {"Contact": {"Country": {"Code": "UA"}}}}},
                    "Level": {"Code": "7"},
                    "Field": {"Label": "Bauwesen"},
                }
            ],
            "Skills": {
                "Linguistic": {
                    "MotherTongue": [{"Description": {"Code": "uk", "Label": "Ukrainisch"}}],
                    "ForeignLanguage": [
                        {
                            "Description": {"Code": "de"},
                            "ProficiencyLevel": {
                                "Listening": "B2",
                                "Reading": "C1",
                                "SpokenInteraction": "B2",
                                "SpokenProduction": "B1",
                                "Writing": "B1",
                            },
                            "VerifiedBy": {"Certificate": [{"Title": "telc"}]},
                        }
                    ],
                },
                "JobRelated": {"Description": "<ul><li>Bauleitung</li><li>AVA &amp; VOB</li></ul>"},
                "Computer": {"Description": "CAD, Revit"},
            },
        }
    }
}
PASSPORT_JSON = json.dumps(PASSPORT).encode()

PASSPORT_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass"><LearnerInfo>
<Identification><PersonName><FirstName>Olha</FirstName><Surname>Koval</Surname></PersonName><ContactInfo>
<Address><Contact><AddressLine>Am Markt 1</AddressLine><PostalCode>18055</PostalCode><Municipality>Rostock</Municipality></Contact>
</Address><Email><Contact>olha@example.org</Contact></Email>
<TelephoneList><Telephone><Contact>+49 381 55</Contact></Telephone></TelephoneList></ContactInfo></Identification>
<WorkExperienceList>
<WorkExperience><Period><From year="2010" month="--01"/><To year="2015" month="--12"/></Period>
<Employer><Sector><Code>F</Code></Sector></Employer></WorkExperience>
<WorkExperience><Period><From year="2024" month="--01"/><Current>true</Current></Period>
<Employer><Sector><Code>C28</Code></Sector></Employer></WorkExperience></WorkExperienceList>
<EducationList><Education><Period><To year="2009"/></Period><Title>Master of Civil Engineering</Title>
<Organisation><Name>KNUCA</Name><ContactInfo><Address><Contact><Country><Code>UA</Code></Country></Contact></Address></ContactInfo>
</Organisation><Level><Code>7</Code></Level><Field><Label>Bauwesen</Label></Field></Education></EducationList>
<Skills><Linguistic><MotherTongueList><MotherTongue><Description><Code>uk</Code></Description></MotherTongue></MotherTongueList>
<ForeignLanguageList><ForeignLanguage><Description><Code>de</Code></Description><ProficiencyLevel><Listening>B2</Listening>
<Reading>C1</Reading><SpokenInteraction>B2</SpokenInteraction><SpokenProduction>B1</SpokenProduction><Writing>B1</Writing>
</ProficiencyLevel><VerifiedBy><Certificate><Title>telc</Title></Certificate></VerifiedBy></ForeignLanguage></ForeignLanguageList>
</Linguistic><JobRelated><Description>
&lt;ul&gt;&lt;li&gt;Bauleitung&lt;/li&gt;&lt;li&gt;AVA &amp;amp; VOB&lt;/li&gt;&lt;/ul&gt;</Description>
</JobRelated><Computer><Description>CAD, Revit</Description></Computer></Skills></LearnerInfo></SkillsPassport>
"""  # noqa: E501


def _dimension(kind: str, level: str) -> str:
    return (
        f"<eures:CompetencyDimension><hr:CompetencyDimensionTypeCode>{kind}</hr:CompetencyDimensionTypeCode>"
        f"<eures:Score><hr:ScoreText>{level}</hr:ScoreText></eures:Score></eures:CompetencyDimension>"
    )


CANDIDATE_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<Candidate xmlns="http://www.europass.eu/1.0" xmlns:oa="http://www.openapplications.org/oagis/9"
 xmlns:eures="http://www.europass_eures.eu/1.0" xmlns:hr="http://www.hr-xml.org/3"><CandidatePerson>
<PersonName><oa:GivenName>Olha</oa:GivenName><hr:FamilyName>Koval</hr:FamilyName></PersonName>
<Communication><ChannelCode>Telephone</ChannelCode><CountryDialing>49</CountryDialing>
<oa:DialNumber>381 55</oa:DialNumber></Communication>
<Communication><ChannelCode>Email</ChannelCode><oa:URI>olha@example.org</oa:URI></Communication>
<Communication><UseCode>home</UseCode><Address type="home"><oa:AddressLine>Am Markt 1</oa:AddressLine>
<oa:CityName>Rostock</oa:CityName><oa:PostalCode>18055</oa:PostalCode><CountryCode>de</CountryCode></Address></Communication>
<PrimaryLanguageCode name="NORMAL">ukr</PrimaryLanguageCode></CandidatePerson>
<CandidateProfile languageCode="de"><EmploymentHistory>
<EmployerHistory><hr:IndustryCode>F</hr:IndustryCode><PositionHistory><eures:EmploymentPeriod>
<eures:StartDate><hr:FormattedDateTime>2010-01-15</hr:FormattedDateTime></eures:StartDate>
<eures:EndDate><hr:FormattedDateTime>2015-12</hr:FormattedDateTime></eures:EndDate></eures:EmploymentPeriod></PositionHistory>
</EmployerHistory></EmploymentHistory><EducationHistory><EducationOrganizationAttendance>
<hr:OrganizationName>KNUCA</hr:OrganizationName><OrganizationContact><Communication><Address><CountryCode>ua</CountryCode></Address>
</Communication></OrganizationContact><EducationLevelCode>7</EducationLevelCode><AttendancePeriod><EndDate>
<hr:FormattedDateTime>2009-06-30</hr:FormattedDateTime></EndDate></AttendancePeriod><EducationDegree>
<hr:DegreeName>Master of Civil Engineering</hr:DegreeName><FieldOfStudy>Bauwesen</FieldOfStudy></EducationDegree>
</EducationOrganizationAttendance></EducationHistory><PersonQualifications><PersonCompetency>
<CompetencyID schemeName="NORMAL">deu</CompetencyID><hr:TaxonomyID>language</hr:TaxonomyID>
{_dimension("CEF-Understanding-Listening", "B2")}{_dimension("CEF-Understanding-Reading", "C1")}
{_dimension("CEF-Speaking-Interaction", "B2")}{_dimension("CEF-Speaking-Production", "B1")}
{_dimension("CEF-Writing-Production", "B1")}</PersonCompetency></PersonQualifications></CandidateProfile></Candidate>
""".encode()
